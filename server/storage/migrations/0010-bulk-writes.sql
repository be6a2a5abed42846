-- What a full sync writes for each member costs half: no look at the corp for each row, no entry in an index of times.

-- Whoever writes members or changes holds the lock of the corp's row in directory_feed, which keeps the reference: a corp
-- that is being deleted waits there, and one that is gone has no row to lock.
alter table member drop constraint member_corp_id_fkey;
alter table directory_change drop constraint directory_change_corp_id_fkey;

create function forget_directory() returns trigger language plpgsql as $$
begin
  delete from member where corp_id = old.corp_id;
  delete from directory_change where corp_id = old.corp_id;
  return null;
end
$$;
comment on function forget_directory is 'on delete cascade for the tables that have no reference to corp';
-- Triggers fire in the order of their names, the cascades (RI_...) before this one: by then the lock was waited for.
create trigger forget_directory after delete on corp for each row execute function forget_directory();

-- The feed is written in the order of time: a summary of each part of the table finds what is old.
drop index directory_change_age;
create index directory_change_age on directory_change using brin (at) with (pages_per_range = 32);
