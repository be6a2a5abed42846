import type { Areas } from '../areas.ts'

export const text: Areas['deleted'] = {
  by: 'Deleted by {who} on',
  empty: 'Nothing was deleted in the last 30 days',
  hintApp:
    'Deleted apps can be restored for 30 days, with the same id, client secret, menu and icon. To-dos and tickets do not come back.',
  hintDeveloper:
    'Deleted developers can be restored for 30 days, with the same devId, secrets, owners, webhooks and devices.',
  restore: 'Restore',
  restoreNamed: 'Restore {name}',
  restored: 'Restored {name}',
  restoredSame: 'Restored {name}; others have the same name by now: {ids}',
  title: 'Recently deleted',
  until: 'Can be restored until',
}
