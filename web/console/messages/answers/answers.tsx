import { BellOutlined, DownloadOutlined, EditOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { Bars } from '../../../ui/charts/bars.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { addressOf } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { currentLanguage } from '../../../ui/language.ts'
import { type Translator, useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { type AnswerFilter, AnswerList } from './answer-list.tsx'
import './answers.css'
import type { Answers } from './answers-of.ts'
import { UpdateCard } from './update-card.tsx'

type T = Translator<'card-answers'>

const everyMs = 5000
const pageSize = 20

/** What people answered on a card: counts, who said what, who has not yet, and what can still be done about it. */
export function CardAnswers(props: { msgId: string }): ReactNode {
  const { msgId } = props
  const [asked, setAsked] = useState<AnswerFilter>({ state: 'answered', pageNo: 1 })
  const [updated, setUpdated] = useState<'all' | readonly string[]>()
  const read = useRead(
    '/web/messages/card/answers',
    { msgId, state: asked.state, pageNo: asked.pageNo, pageSize },
    { keep: true, every: everyMs },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const answers = read.data
  return (
    <div className="card-answers">
      <Summary answers={answers} />
      <Acts msgId={msgId} answers={answers} onUpdate={() => setUpdated('all')} />
      <Counted answers={answers} />
      <AnswerList
        answers={answers}
        asked={asked}
        pageSize={pageSize}
        isBusy={read.isPlaceholderData}
        onAsk={setAsked}
        onUpdate={setUpdated}
      />
      {updated ? (
        <UpdateCard msgId={msgId} answers={answers} whom={updated} close={() => setUpdated(undefined)} />
      ) : null}
    </div>
  )
}

function Summary({ answers }: { answers: Answers }): ReactNode {
  const t = useText('card-answers')
  const { counts, first, recalledAt } = answers
  return (
    <>
      {recalledAt ? (
        <Alert type="warning" showIcon title={t('recalledAt', { at: formatTime(recalledAt) })} />
      ) : null}
      <p className="card-answers-sum">
        {t('answeredOf', { n: counts.answered, of: counts.receivers, rest: counts.unanswered })}
      </p>
      {first ? (
        <Alert
          type="success"
          showIcon
          title={t('firstWas', { who: first.userName || first.userId, at: formatTime(first.at) })}
        />
      ) : null}
      <p className="wisp-quiet">{updatableWords(t, answers)}</p>
    </>
  )
}

/** How many cards can still be changed, and until when. */
function updatableWords(t: T, { updatable, updatableUntil }: Answers): string {
  if (updatable === 0) return t('notUpdatable')
  return t('updatable', { n: updatable, until: formatTime(updatableUntil) })
}

function Acts(props: { msgId: string; answers: Answers; onUpdate: () => void }): ReactNode {
  const t = useText('card-answers')
  const { msgId, answers } = props
  const { counts, canRemind, whyNotRemind, remindableAt, reminders, updatable } = answers
  const remind = useAct('/web/messages/card/remind', {
    refresh: ['/web/messages/'],
    confirm: () => ({
      title: t('remindTitle', { n: counts.unanswered }),
      content: <p>{t('remindHint')}</p>,
      okText: t('remind'),
    }),
    done: one => t('reminded', { n: one.receivers }),
  })
  const last = reminders.at(-1)
  return (
    <>
      <div className="wisp-actions">
        <Button
          type="primary"
          icon={<BellOutlined aria-hidden />}
          disabled={!canRemind}
          loading={remind.isRunning}
          onClick={() => void remind.run({ msgId })}
        >
          {t('remind')}
        </Button>
        <Button icon={<EditOutlined aria-hidden />} disabled={updatable === 0} onClick={props.onUpdate}>
          {t('update')}
        </Button>
        <Button
          icon={<DownloadOutlined aria-hidden />}
          href={addressOf('/web/messages/card/export', { msgId, language: currentLanguage() })}
          download
        >
          {t('export')}
        </Button>
      </div>
      {last ? (
        <p className="wisp-quiet">{t('remindedAt', { n: last.receivers, at: formatTime(last.at) })}</p>
      ) : null}
      {canRemind || counts.unanswered === 0 ? null : (
        <p className="wisp-quiet">
          {remindableAt ? t('remindAgain', { at: formatTime(remindableAt) }) : whyNotRemind}
        </p>
      )}
    </>
  )
}

/** A single button that submits a choice says nothing besides the choice. */
function Counted({ answers }: { answers: Answers }): ReactNode {
  const t = useText('card-answers')
  const { keys, questions, menu, counts } = answers
  const of = counts.receivers
  const hasKeys = questions.length === 0 || keys.length > 1
  return (
    <>
      {hasKeys && keys.length > 0 ? (
        <Bars
          title={t('byButton')}
          of={of}
          bars={keys.map(one => ({ key: one.key, label: one.text || one.key, value: one.persons }))}
        />
      ) : null}
      {questions.map(one => (
        <Bars
          key={one.questionKey}
          title={one.title || t('byOption')}
          of={of}
          bars={one.options.map(({ id, text, persons }) => ({ key: id, label: text || id, value: persons }))}
        />
      ))}
      {menu.length > 0 ? (
        <Bars
          title={t('byMenu')}
          of={of}
          bars={menu.map(one => ({ key: one.key, label: one.text || one.key, value: one.persons }))}
        />
      ) : null}
    </>
  )
}
