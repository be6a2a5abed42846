-- additive
-- When it was sent, or was known not to be. Null while its node works on it, and for good where the node died: the same requestId is then
-- another code.
alter table developer_code add column settled_at timestamptz;
