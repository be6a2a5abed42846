-- Members get their ids one by one again, after the last thousand that was taken (0011).
select setval('member_id_seq', last_value + 999, is_called) from member_id_seq where is_called;
alter table member alter column id set increment by 1;
