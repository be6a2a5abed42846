import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, addressOf } from '../../../ui/data/api.ts'
import type { ImportKind } from '../../../ui/import/import-kind.ts'
import { ImportWizard } from '../../../ui/import/import-wizard.tsx'
import { useLanguage } from '../../../ui/language.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { LinkButton } from '../link-button.tsx'

type Preview = Answer<'/web/external/import-read'>
type Result = Answer<'/web/external/import-apply'>

/** Adds people from outside WeCom from a file. */
export function Page(): ReactNode {
  const t = useText('external')
  const language = useLanguage()
  const kind: ImportKind<Preview, Result> = {
    title: t('importTitle'),
    hint: t('importHint'),
    note: undefined,
    accept: '.csv,.txt,.xlsx,text/csv',
    choose: t('chooseFile'),
    chooseHint: t('chooseFileHint'),
    template: {
      address: addressOf('/web/external/import-template', { language }),
      fileName: 'wisp-external.csv',
    },
    columns: {
      name: t('name'),
      mobile: t('mobile'),
      email: t('email'),
      organisation: t('organisation'),
      department: t('department'),
      sponsor: t('sponsorMember'),
      endsAt: t('endsAt'),
    },
    read: useAct('/web/external/import-read', { isQuiet: true }),
    apply: useAct('/web/external/import-apply', { refresh: ['/web/external'], isQuiet: true }),
    formatOf: ({ file }) => file.format,
    counts: ({ counts }, isDone) => [
      { label: t('rowsTotal'), n: counts.rows },
      { label: t(isDone ? 'rowsDone' : 'rowsGood'), n: counts.good },
      { label: t('rowsWrong'), n: counts.wrong },
    ],
    ready: ({ counts }) => counts.good,
    applyWords: n => t('applyImport', { n }),
    notice: () => undefined,
    problems: {
      total: ({ problemCount }) => problemCount,
      columns: [
        { title: t('name'), render: row => row.name || '—' },
        { title: t('reason'), render: row => <State kind="bad">{row.why}</State> },
      ],
    },
    first: [
      { title: t('name'), render: row => row.name },
      { title: t('mobile'), render: row => row.mobile || '—' },
      { title: t('email'), render: row => row.email || '—' },
      { title: t('organisation'), render: row => row.organisation },
      { title: t('sponsorMember'), render: row => row.sponsor },
      { title: t('endsAt'), render: row => row.endsAt },
    ],
    done: {
      title: () => t('importDone'),
      hint: ({ counts }) => t('importDoneText', { n: counts.good }),
      isPartly: ({ counts }) => counts.wrong > 0,
      more: (
        <LinkButton to="/console/directory/external" type="primary">
          {t('title')}
        </LinkButton>
      ),
    },
    reportName: 'wisp-external-result.csv',
  }
  return <ImportWizard kind={kind} />
}
