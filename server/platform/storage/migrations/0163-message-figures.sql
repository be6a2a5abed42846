-- additive
-- What is counted of a day's messages by type and developer, so that a page does not read a million messages. It is counted from the messages
-- themselves, again and again while they can still change.

create table message_day_figures (
  corp_id text not null references corp on delete cascade,
  day date not null,
  time_zone text not null,
  counted_at timestamptz not null,
  figures jsonb not null,
  primary key (corp_id, day)
);
comment on column message_day_figures.time_zone is 'whose day it is: in another zone of the corp it is counted again';
comment on column message_day_figures.counted_at is 'when the count began';
comment on column message_day_figures.figures is 'a list of the figures of each type and developer; type is empty for messages without one';
