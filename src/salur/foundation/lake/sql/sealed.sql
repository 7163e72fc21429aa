-- What is sealed is never edited; only a dataset that nothing refers to could ever be dropped, and nothing drops one.
select keep_forever('lake_dataset');
select keep_forever('lake_archivedfile');
select watch('lake_dataset');
