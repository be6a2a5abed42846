-- Halves what a full sync costs per member: no check of the corp for each row, and no entry in an index of times.

-- Whoever writes members or changes locks the corp's row in directory_feed, and that row's reference to the corp protects
-- them: the deletion of a corp waits for the lock, and after it there is no row to lock.
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
-- Triggers fire in the order of their names, so the cascades (RI_...) come first and have already waited for that lock.
create trigger forget_directory after delete on corp for each row execute function forget_directory();

-- The feed is written in the order of time, so a BRIN index, which summarises parts of the table, finds old changes.
drop index directory_change_age;
create index directory_change_age on directory_change using brin (at) with (pages_per_range = 32);
