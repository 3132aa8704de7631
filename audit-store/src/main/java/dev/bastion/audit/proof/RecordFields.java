package dev.bastion.audit.proof;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The fields of a record of any type, also of one that this program does not know. */
public final class RecordFields {

    private static final JsonFactory JSON = new JsonFactory();

    private RecordFields() {}

    /** Values as texts by their keys; none when the bytes are no record. */
    public static Map<String, String> of(byte[] record) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), record)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                json.skipChildren();
                values.put(name, json.getString());
            }
        } catch (JacksonException e) {
            return new HashMap<>();
        }
        return values;
    }
}
