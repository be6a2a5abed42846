-- Finds who was refused without reading the receipts of everybody who got the message.

create index message_result_failed on message_result (message_id, user_id) where state = 'failed';
