-- Where in the session's recording a line was entered: a killed bastion leaves lines that the next
-- start decides, which has not seen the recording.

alter table audit.command add column recording_at bigint;
