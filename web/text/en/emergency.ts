export const text = {
  allCorps: 'the whole installation',
  opened:
    'Break-glass ({where}): commands ran without codes of the three administrators from {from}. Reason: {reason}',
  open: 'It ends at {to}',
  over: 'It ended at {to}',
  reset: 'It reset the factor of {who}',
  waits: 'An auditor checks the audit log and closes it',
  close: 'Close',
  closeQuestion: 'Close this break-glass?',
  closeWhat:
    'Check in the audit log what it did first. It is then no longer shown, and ends at once if it has not.',
  closed: 'Closed',
  restored: 'A backup was restored at {at} ({where}); only the three administrators may use it now',
  restoredNone: 'Two of the three must confirm the data',
  restoredOne: '{who} has confirmed; another one of the three must',
  confirm: 'Confirm',
  confirmQuestion: 'Confirm the restored backup?',
  confirmWhat: 'When two of the three have confirmed, everybody may use it.',
  confirmed: 'Confirmed; another one of the three must confirm too',
  reopened: 'Confirmed; everybody may use it',
}
