-- Codes and names of regions are public.
grant select on regions_region to salur_app, salur_read;
