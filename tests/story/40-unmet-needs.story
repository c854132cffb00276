# A need that finds nothing near becomes a number for the plan office, and nothing more.
with demo
serve
run regia account add piera --roles planner
    save word from stdout (\S{10,})\s*$
run regia account add luca --roles reader
    save reader from stdout (\S{10,})\s*$
GET /cerca?q=zzqx vvkw&bisogno=casa.affitto&luogo=Ivrea
GET /cerca?q=zzqx vvkw&bisogno=casa.affitto&luogo=Ivrea
GET /gestione/bisogni-scoperti
    status 303
    header Location ~ /accedi
as luca
GET /accedi
POST /accedi login=luca password="{reader}"
    status 303
GET /gestione/bisogni-scoperti
    status 403
as piera
GET /accedi
POST /accedi login=piera password="{word}"
    status 303
GET /gestione/bisogni-scoperti
    body contains "gruppo con meno di cinque domande non è mostrato"
    body lacks "Ivrea"
GET /gestione/bisogni-scoperti.json
    body lacks "casa.affitto"
