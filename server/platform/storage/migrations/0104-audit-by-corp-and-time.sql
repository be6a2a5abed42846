-- additive
-- Finds the acts of some days on one corp without reading those on all others.

create index audit_corp_time on audit (corp_id, at);
