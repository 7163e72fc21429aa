-- A draw's secret and a determination are read by runs only; nothing of them is granted to pages.
select keep_forever('enrolment_determination');
select watch('enrolment_determination');
