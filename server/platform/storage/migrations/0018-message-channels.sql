-- Settings of the message centre: a row per channel, so that a new channel needs no column of its own.

create table message_channel (
  corp_id text not null references corp on delete cascade,
  channel text not null,
  settings jsonb,
  sealed text,
  primary key (corp_id, channel)
);
comment on table message_channel is 'a channel without a row is not configured';
comment on column message_channel.settings is 'null when they are sealed';
comment on column message_channel.sealed is 'the settings as sealed JSON, for a channel that has secret ones';

insert into message_channel (corp_id, channel, settings)
  select corp_id, 'wecom', jsonb_strip_nulls(jsonb_build_object('agentId', agent_id, 'dailyCap', daily_cap))
  from message_settings where agent_id is not null or daily_cap is not null;
insert into message_channel (corp_id, channel, sealed)
  select corp_id, 'email', smtp from message_settings where smtp is not null
  union all
  select corp_id, 'sms', sms from message_settings where sms is not null;

alter table message_settings drop column agent_id, drop column daily_cap, drop column smtp, drop column sms;
