import type { ReactNode } from 'react'
import { useAct } from '../../../../ui/data/act.tsx'
import { type Answer, addressOf } from '../../../../ui/data/api.ts'
import { useSession } from '../../../../ui/data/session.tsx'
import type { CountBox, ImportKind } from '../../../../ui/import/import-kind.ts'
import { ImportWizard } from '../../../../ui/import/import-wizard.tsx'
import { useLanguage } from '../../../../ui/language.ts'
import { type Translator, useText } from '../../../../ui/text.ts'
import { formatYuan } from '../../../../ui/values/money.ts'
import { State, type StateKind } from '../../../../ui/values/state.tsx'
import { LinkButton } from '../../../directory/link-button.tsx'

type Preview = Answer<'/web/payments/bills/import-preview'>
type Result = Answer<'/web/payments/bills/import-apply'>

const outcomes: Record<Preview['first'][number]['outcome'], StateKind> = {
  new: 'good',
  known: 'idle',
  wrong: 'bad',
}

/** Makes bills of a file. */
export function Page(): ReactNode {
  const t = useText('payments-bills')
  const language = useLanguage()
  const { isSuper } = useSession()
  const kind: ImportKind<Preview, Result> = {
    title: t('importTitle'),
    hint: t('importHint'),
    note: isSuper ? undefined : t('gradedBills'),
    accept: '.csv,.txt,.xlsx,text/csv',
    choose: t('chooseFile'),
    chooseHint: t('chooseFileHint'),
    template: {
      address: addressOf('/web/payments/bills/import-template', { language }),
      fileName: 'wisp-bills.csv',
    },
    columns: columnNames(t),
    read: useAct('/web/payments/bills/import-preview', { isQuiet: true }),
    apply: useAct('/web/payments/bills/import-apply', { refresh: ['/web/payments'], isQuiet: true }),
    formatOf: ({ file }) => file.format,
    counts: ({ counts }, isDone) => countBoxes(t, counts, isDone),
    ready: ({ counts }) => counts.created,
    applyWords: n => t('importN', { n }),
    question: ({ counts }) => ({
      title: t('importAsk', { n: counts.created, amount: formatYuan(counts.amount) }),
      content: counts.wrong > 0 ? t('importAskWrong', { n: counts.wrong }) : t('importAskHint'),
      okText: t('importDo'),
    }),
    notice: ({ counts }) =>
      counts.wrong > 0
        ? { type: 'warning', title: t('wrongHint', { n: counts.wrong }) }
        : counts.created === 0
          ? { type: 'info', title: t('nothingNew') }
          : undefined,
    problems: {
      total: ({ counts }) => counts.wrong,
      columns: [
        { title: t('billNo'), render: one => one.billNo || '—' },
        { title: t('account'), render: one => one.userId || '—' },
        { title: t('why'), render: one => <State kind="bad">{one.why}</State> },
      ],
    },
    first: [
      { title: t('billNo'), render: one => one.billNo },
      {
        title: t('payer'),
        render: one =>
          one.userName ? (
            <>
              <bdi>{one.userName}</bdi>
              {t('inBrackets', { text: one.userId })}
            </>
          ) : (
            one.userId || '—'
          ),
      },
      { title: t('billTitle'), render: one => one.title || '—' },
      {
        title: t('amount'),
        align: 'right',
        render: one => (one.amount === 0 ? '—' : formatYuan(one.amount)),
      },
      { title: t('dueAt'), render: one => one.dueAt || '—' },
      {
        title: t('outcome'),
        render: one => <State kind={outcomes[one.outcome]}>{t(`outcome_${one.outcome}`)}</State>,
      },
    ],
    done: {
      title: ({ counts }) => t('importDone', { n: counts.created }),
      hint: ({ counts }) => t(counts.wrong > 0 ? 'importDoneWrong' : 'importDoneHint'),
      isPartly: ({ counts }) => counts.wrong > 0,
      more: (
        <LinkButton to="/console/payments/bills" type="primary">
          {t('toBills')}
        </LinkButton>
      ),
    },
    reportName: 'wisp-bills-result.csv',
  }
  return <ImportWizard kind={kind} />
}

function countBoxes(t: Translator<'payments-bills'>, counts: Preview['counts'], isDone: boolean): CountBox[] {
  const { rows, created, known, wrong, amount } = counts
  return [
    { label: t('rows'), n: rows },
    {
      label: t(isDone ? 'rowsCreated' : 'rowsNew'),
      n: created,
      hint: formatYuan(amount),
    },
    { label: t('rowsKnown'), n: known },
    { label: t('rowsWrong'), n: wrong },
  ]
}

function columnNames(t: Translator<'payments-bills'>): ImportKind<Preview, Result>['columns'] {
  return {
    billNo: t('billNo'),
    userId: t('account'),
    title: t('billTitle'),
    amount: t('amount'),
    dueAt: t('dueAt'),
    remark: t('remark'),
    attachmentUrl: t('attachment'),
    notify: t('notify'),
    mchId: t('merchant'),
  }
}
