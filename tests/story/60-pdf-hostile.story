# Words that would be markup are words on paper too: nothing is read, nobody is called.
needs program weasyprint
needs program pdftotext
with empty
run regia export plan plan
    stdout contains "0 "
file plan/plans.csv
    code,title,from_year,to_year,state,note,source
    prova-2024-26,Piano di prova,2024,2026,in_force,"<link rel=attachment href=file:///etc/hostname>",
file plan/elements.csv
    plan,code,parent,level,title,alt_title,text,complete,competence,addressee,state,state_reason,departments,partners,territory,paradigms,pnrr_measure,deadline,note,source
    prova-2024-26,6,,axis,"</title><script>x</script>",più sana,,yes,,,running,,,,,,,,,
    prova-2024-26,6.1,6,strategy,"<h1 style=""string-set:paper-title 'altro'"">",,"</p></main><style>@import url(http://127.0.0.1:1/a.css)</style><img src=""file:///etc/passwd""><object data='file:///etc/passwd'></object> url(file:///etc/passwd) {{ 7*7 }} &amp; ‮ fine.",partial,1,,running,,Sanità,,,,M6C1,2026-03,,
run regia load .
    stdout contains "righe del piano"
serve
GET /piano/prova-2024-26/6.1.pdf
    pdf text contains "<img src="file:///etc/passwd">"
    pdf text contains "@import url(http://127.0.0.1:1/a.css)</style>"
    pdf text contains "{{ 7*7 }} &amp;"
    pdf text lacks "root:x:"
    pdf info contains "Title: 6.1 <h1 style="string-set:paper-title 'altro'">"
    pdf bytes lacks "EmbeddedFile"
    pdf bytes lacks "/URI (file:"
    pdf info contains "Tagged: yes"
GET /piano/prova-2024-26.pdf
    pdf text contains "<link rel=attachment href=file:///etc/hostname>"
    pdf text contains "</title><script>x</script>"
    pdf bytes lacks "EmbeddedFile"
