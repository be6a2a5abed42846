-- A vendor that keeps no queue of receipts is asked about each SMS, a few times.

alter table message_part add column receipts_asked smallint not null default 0;
comment on column message_part.receipts_asked is 'how often the vendor was asked whether its receivers got it';
create index message_part_without_receipt on message_part (corp_id, receipts_asked, finished_at)
  where channel = 'sms' and state = 'sent';
