-- A version that was approved stands; a new amount is a new dated version.
select keep_forever('programmes_ruleversion');
select watch('programmes_ruleversion');
select watch('programmes_quota');
select protect_places('programmes_quota', 'region_code');
grant select on programmes_programme, programmes_ruleversion to salur_app, salur_read;
