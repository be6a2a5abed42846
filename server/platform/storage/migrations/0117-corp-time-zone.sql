-- additive
alter table corp add column time_zone text not null default 'Asia/Shanghai';
comment on column corp.time_zone is 'in which times are written to its people, and its nightly work begins; a name of the IANA database';
