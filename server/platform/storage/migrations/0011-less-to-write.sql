-- Search derives pinyin from the name when it needs it, so it need not be stored too.
alter table member drop column pinyin;

-- A sync of a new corp takes ids by the thousand: each number of the sequence stands for itself and the 999 after it. Ids
-- that a process leaves unused when it ends are lost, which does not matter.
alter table member alter column id set increment by 1000;

-- It is only looked up, never sorted for people, and an index in byte order is faster to insert into.
alter table member alter column user_key type text collate "C";

-- It is only read as a whole, by a run that continues, so PostgreSQL need not build an array for each batch.
alter table sync_page alter column user_keys type json using to_json(user_keys);
