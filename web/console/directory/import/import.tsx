import type { ReactNode } from 'react'
import type { ImportCounts } from '../../../../server/organisation/directory/import/import-rows.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, addressOf } from '../../../ui/data/api.ts'
import { useSession } from '../../../ui/data/session.tsx'
import type { CountBox, ImportKind } from '../../../ui/import/import-kind.ts'
import { ImportWizard } from '../../../ui/import/import-wizard.tsx'
import { useLanguage } from '../../../ui/language.ts'
import { type Translator, useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { LinkButton } from '../link-button.tsx'

type Preview = Answer<'/web/directory/import-preview'>
type Result = Answer<'/web/directory/import-apply'>

const separators = { ',': 'separatorComma', ';': 'separatorSemicolon', '\t': 'separatorTab' } as const

/** Imports mobile numbers and mail addresses. */
export function Page(): ReactNode {
  const t = useText('directory')
  const language = useLanguage()
  const { isSuper } = useSession()
  const kind: ImportKind<Preview, Result> = {
    title: t('importTitle'),
    hint: t('importHint'),
    note: isSuper ? undefined : t('gradedNeeds'),
    accept: '.csv,.txt,text/csv',
    choose: t('chooseFile'),
    chooseHint: t('chooseFileHint'),
    template: {
      address: addressOf('/web/directory/import-template', { language }),
      fileName: 'wisp-import.csv',
    },
    columns: { userId: t('userId'), mobile: t('mobile'), email: t('email') },
    read: useAct('/web/directory/import-preview', { isQuiet: true }),
    apply: useAct('/web/directory/import-apply', { refresh: ['/web/directory'], isQuiet: true }),
    formatOf: ({ file }) =>
      t('fileRead', { encoding: file.encoding, separator: t(separators[file.separator]) }),
    counts: ({ counts }, isDone) => countBoxes(t, counts, isDone),
    ready: ({ counts }) => counts.stored,
    applyWords: n => t('applyImport', { n }),
    notice: ({ counts }) =>
      counts.stored === 0
        ? { type: 'warning', title: t('importNothing'), hint: t('importNothingText') }
        : undefined,
    problems: {
      total: ({ problemCount }) => problemCount,
      columns: [
        { title: t('column'), render: row => t(row.column) },
        { title: t('value'), render: row => row.value || '—' },
        {
          title: t('reason'),
          render: row => <State kind={row.severity === 'error' ? 'bad' : 'idle'}>{row.why}</State>,
        },
      ],
    },
    first: [
      { title: t('userId'), render: row => row.userId },
      { title: t('name'), render: row => row.userName || '—' },
      { title: t('mobile'), render: row => row.mobile || '—' },
      { title: t('email'), render: row => row.email || '—' },
    ],
    done: {
      title: () => t('importDone'),
      hint: ({ counts }) => t('importDoneText', { n: counts.stored }),
      isPartly: ({ counts }) => counts.wrong > 0,
      more: (
        <LinkButton to="/console/directory" type="primary">
          {t('members')}
        </LinkButton>
      ),
    },
    reportName: 'wisp-import-result.csv',
  }
  return <ImportWizard kind={kind} />
}

function countBoxes(t: Translator<'directory'>, counts: ImportCounts, isDone: boolean): CountBox[] {
  const { rows, stored, unchanged, wrong, mobiles, emails } = counts
  return [
    { label: t('rowsTotal'), n: rows },
    {
      label: t(isDone ? 'rowsDone' : 'rowsStored'),
      n: stored,
      hint: `${t('mobiles', { n: mobiles })} · ${t('emails', { n: emails })}`,
    },
    { label: t('rowsUnchanged'), n: unchanged },
    { label: t('rowsWrong'), n: wrong },
  ]
}
