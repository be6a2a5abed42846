import type { text as zh } from '../zh/import.ts'

export const text: Record<keyof typeof zh, string> = {
  chosen: '{name} is chosen; its content is still here.',
  columnMissing: 'Not in the file',
  columnNumber: 'Column {n}',
  lackingHint:
    'Choose below which column is which, or change the names in the file to those of the template and choose it again.',
  fileAgain: 'Another file',
  firstRows: 'First {n} {n|row|rows}',
  goOn: 'Continue',
  ignoredHint: 'They are not imported. Below you can change which column is which.',
  ignoredColumns: 'Columns that are not used: {names}',
  importAgain: 'Import another file',
  isApplied: 'This file has been imported.',
  line: 'Line',
  problems: 'Lines to look at',
  problemsShown: 'The first {n} of {total} are shown; all results can be downloaded after the import.',
  report: 'Download the result (CSV)',
  step_file: 'Choose a file',
  step_columns: 'Columns',
  step_check: 'Check',
  step_result: 'Result',
  template: 'Download a template',
  toResult: 'See the result',
}
