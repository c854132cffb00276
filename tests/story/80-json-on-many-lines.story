# A package of JSON whose first line opened it and stood with words beside the bracket was taken for
# lines of JSON, and every line of it refused.
file a.json
    {"contents": [
      {"id": "11111111-1111-4111-8111-111111111111", "name": "Uno", "status": "active",
       "organization": {"id": "22222222-2222-4222-8222-222222222222", "name": "Ente",
                        "description": "Un ente."}}]}
file b.json
    {"id": "33333333-3333-4333-8333-333333333333"
    , "name": "Due", "status": "active", "organization_id": "22222222-2222-4222-8222-222222222222"
    }
file c.ndjson
    {"id": "44444444-4444-4444-8444-444444444444", "name": "Tre", "status": "act
    {"id": "55555555-5555-4555-8555-555555555555", "name": "Quattro", "status": "active"}
run regia check hsds a.json
    exit 0
    stdout lacks "JSON valido"
run regia check hsds b.json
    stdout lacks "JSON valido"
run regia check hsds c.ndjson
    exit 1
    stdout contains "c.ndjson:1: Questo testo non è JSON valido"
    stdout lacks "c.ndjson:2: Questo testo non"
