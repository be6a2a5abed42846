-- The call log and the events of developers lie by month, so that a month goes at once when it is old enough. Nothing refers to them, and
-- they refer to nothing: dropping a table locks what it refers to. Not additive: an older node deletes by ctid, which names a row within
-- its partition alone, and would delete others.

alter table call_log rename to call_log_before;
create table call_log (like call_log_before including defaults including comments) partition by range (at);
comment on table call_log is 'by month; a month is a table called call_log_2026_11';

alter table event rename to event_before;
create table event (like event_before including defaults including comments) partition by range (at);
comment on table event is 'events other than those of the address book, which are rows of directory_change under the same numbers; by month';

do $$
declare
  history text;
  month timestamp;
begin
  foreach history in array array['call_log', 'event'] loop
    for month in execute format(
      'select distinct date_trunc(''month'', at at time zone ''UTC'') from %I
       union select date_trunc(''month'', now() at time zone ''UTC'') + make_interval(months => n) from generate_series(-1, 2) as n
       order by 1', history || '_before')
    loop
      execute format('create table %I partition of %I for values from (%L) to (%L)',
        history || to_char(month, '_YYYY_MM'), history, month || '+00', (month + interval '1 month') || '+00');
    end loop;
  end loop;
end
$$;

insert into call_log select * from call_log_before;
insert into event select * from event_before;
drop table call_log_before;
drop table event_before;

alter table call_log add primary key (corp_id, request_id, at);
create index call_log_at on call_log (corp_id, at);
create index call_log_developer on call_log (corp_id, dev_id, at);
create index call_log_path on call_log (corp_id, path, at);
create index call_log_failed on call_log (corp_id, dev_id, at) where code <> '0';
alter table event add primary key (corp_id, seq, at);
create index event_time on event (corp_id, at);

create function forget_history() returns trigger language plpgsql as $$
begin
  delete from call_log where corp_id = old.corp_id;
  delete from event where corp_id = old.corp_id;
  return null;
end
$$;
comment on function forget_history is 'on delete cascade for the tables by month, which have no reference to corp';
create trigger forget_history after delete on corp for each row execute function forget_history();
