-- additive

alter table sign_in_setting add column crowd_networks text[] not null default '{}';
comment on column sign_in_setting.crowd_networks is 'addresses and networks behind which many people are, such as a campus: more wrong codes are taken from there';
