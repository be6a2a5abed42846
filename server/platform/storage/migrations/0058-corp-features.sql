-- additive
-- Which of the features that can be switched off a corp has on. Corps that exist keep all of them, a new one starts with none.

alter table corp add column features text[] not null default '{}';
comment on column corp.features is 'names of manifests; those that cannot be switched off are not listed';
update corp set features = '{official,payments,packets,mcp,webhooks}';
