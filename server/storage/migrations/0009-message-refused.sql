-- Who was refused, without reading the receipts of all who got it.

create index message_result_failed on message_result (message_id, user_id) where state = 'failed';
