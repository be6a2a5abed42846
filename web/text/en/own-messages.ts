import type { text as zh } from '../zh/own-messages.ts'

export const text: Record<keyof typeof zh, string> = {
  all: 'All messages',
  archive: 'Archive',
  archived: 'Archived',
  cameBack: 'Put off until {at}',
  in_1: 'In 1 hour',
  in_4: 'In 4 hours',
  in_24: 'In 1 day',
  in_168: 'In 1 week',
  inbox: 'Inbox',
  later: 'Later',
  laterUntil: 'Later: returns to the inbox at {at}',
  none_archived: 'No archived messages',
  none_later: 'No messages are put off',
  none_unread: 'All messages have been opened',
  open: 'Open',
  putOff: 'Later',
  receive: 'Received',
  received: 'Receipt sent',
  toInbox: 'Back to the inbox',
  unread: 'Unread',
}
