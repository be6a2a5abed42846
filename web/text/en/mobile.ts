import type { text as zh } from '../zh/mobile.ts'

export const text: Record<keyof typeof zh, string> = {
  apps: 'Workbench',
  edit: 'Edit',
  favouritesHint: 'Press "Edit" to keep the apps you use most here',
  me: 'Me',
  messages: 'Messages',
  tabs: 'Main pages',
  todos: 'To-dos',
}
