-- The way of a message is told to its end: whom a call did not reach, and what a limit held back.

alter table message_attempt add column refused jsonb;
comment on column message_attempt.refused is 'receivers whom upstream refused in this call: [{"userId", "reason"}]; null when there were none';

alter table message_part add column hold jsonb;
comment on column message_part.hold is 'the last time that a limit held it back: {"since", "until", "reason"}; kept when it is over';
