-- additive
-- Sources that name no developers take rows from nobody. Those that took them from all keep the developers who have the scope now.

update people_source s set settings = jsonb_set(s.settings, '{developers}', coalesce((
  select jsonb_agg(dev_id order by dev_id) from (
    select dev_id from developer d where d.corp_id = s.corp_id and 'source:write' = any(d.scopes) order by dev_id limit 20
  ) as allowed), '[]'))
where s.kind = 'put' and coalesce(s.settings -> 'developers', '[]') = '[]';
