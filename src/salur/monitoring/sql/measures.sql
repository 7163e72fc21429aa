-- Aggregates follow the area like everything else.
select protect_places('monitoring_measure', 'region_code');
