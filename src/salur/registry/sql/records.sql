-- Counts of files and releases carry no family, but they speak of the whole country: commands of the registrar read them, pages do not.
select keep_forever('registry_registryfile');
select keep_forever('registry_release');
select watch('registry_release');
select watch('registry_registryfile');
