import type { text as zh } from '../zh/message-marks.ts'

export const text: Record<keyof typeof zh, string> = {
  tab: 'Read and received',
  sum: '{people} people have it in their list of messages: {shown} saw it there, {opened} opened it.',
  sumReceipt:
    '{people} people have it in their list of messages: {shown} saw it there, {opened} opened it, {acknowledged} acknowledged it.',
  silent:
    'Only the portal and the phone pages are counted. wisp cannot know who read a message in WeCom, as an SMS or as mail.',
  urge: 'Urge',
  urgeTitle: 'Remind the {n} people who have not done it?',
  urgeHint:
    'Each gets a reminder that leads to this message, at most 3 times and at least 30 minutes apart; the others get none.',
  urgeDone: '{n} people reminded',
  export: 'Export',
  who: 'Which people',
  everybody: 'All',
  not_acknowledged: 'Not acknowledged',
  not_read: 'Not opened',
  not_shown: 'Not seen',
  people: 'Receivers',
  nobody: 'Nobody',
  name: 'Name',
  shown: 'Seen',
  yes: 'yes',
  opened: 'Opened',
  acknowledged: 'Acknowledged',
  urged: 'Urged',
  times: '{n} times',
  private: 'This message type is private: only its sender and its receivers see what it says.',
  announcementSum:
    '{people} people can see this announcement: {shown} saw it, {opened} opened it or put it away.',
  announcementTab: 'Who has read it',
}
