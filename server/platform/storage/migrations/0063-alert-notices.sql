-- additive
-- A message that is never accepted loses its request_id, by which a notice about an alert was known.

alter table message add column about_alert boolean not null default false;
comment on column message.about_alert is 'tells administrators of an alert: when it fails, it counts as no failure of its own';
