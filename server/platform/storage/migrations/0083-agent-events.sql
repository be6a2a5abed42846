-- additive
-- What comes of what agents hear: media that developers were told of, how the agent fares at WeCom, and the system it is passed on to.

create table agent_media (
  corp_id text not null references corp on delete cascade,
  dev_id text not null references developer on delete cascade,
  media_id text not null,
  agent_id integer not null,
  user_key text not null,
  told_at timestamptz not null,
  primary key (corp_id, dev_id, media_id)
);
comment on table agent_media is 'what a developer may fetch: the media of messages that it was told of';
comment on column agent_media.user_key is 'of the member who sent it, in lower case';
create index agent_media_told on agent_media (told_at);

create table agent_life (
  corp_id text not null,
  agent_id integer not null,
  track text not null,
  event text not null,
  effect_at timestamptz,
  at timestamptz not null,
  primary key (corp_id, agent_id, track),
  foreign key (corp_id, agent_id) references agent on delete cascade
);
comment on column agent_life.track is 'unused: nobody uses it; low: few use it';
comment on column agent_life.event is 'the last that WeCom told, in its own words';
comment on column agent_life.effect_at is 'when WeCom will suspend or restrict it';

alter table agent_callback add column forward_failing_since timestamptz;
alter table agent_callback add column forward_problem jsonb;
comment on column agent_callback.forward_failing_since is 'null while the system answers as it should';
