import { ReloadOutlined, RollbackOutlined } from '@ant-design/icons'
import { Button, Descriptions, type DescriptionsProps } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { type Question, useAct, useRefresh } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Parts } from '../../ui/objects/parts.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatTime } from '../../ui/values/format.ts'
import { Time } from '../../ui/values/time.tsx'
import { CardAnswers } from './answers/answers.tsx'
import { HeldActs } from './approval/held-acts.tsx'
import { MessageApproval } from './approval/message-approval.tsx'
import { Collected } from './collected.tsx'
import { Receivers } from './compose/receivers.tsx'
import { fieldName } from './field-name.ts'
import { MessageMarks } from './marks/message-marks.tsx'
import { MessageContent } from './message-content.tsx'
import { MessageTimeline } from './timeline.tsx'
import { ChannelWord, Counts, MessageState, useChannel } from './words.tsx'

type T = Translator<'messages'>
const refresh = ['/web/messages/']
const followMs = 3000

/** One message: its state, its history, its receivers and, on request, its content. */
export function MessageView(props: { msgId: string }): ReactNode {
  const t = useText('messages')
  const answers = useText('card-answers')
  const marks = useText('message-marks')
  const { msgId } = props
  const read = useRead(
    '/web/messages/one',
    { msgId },
    { every: one => (one?.state === 'queued' ? followMs : false) },
  )
  useFollowed(read.data)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const message = read.data
  return (
    <>
      <Facts message={message} />
      {message.approval === '' ? null : <MessageApproval message={message} />}
      <Acts message={message} />
      <Parts
        inDrawer
        parts={[
          ...(message.isAnswerable
            ? [{ key: 'answers', title: answers('tab'), children: <CardAnswers msgId={msgId} /> }]
            : []),
          ...(message.collected > 0
            ? [
                {
                  key: 'collected',
                  title: `${t('collected')} ${message.collected}`,
                  children: <Collected msgId={msgId} />,
                },
              ]
            : []),
          { key: 'timeline', title: t('timeline'), children: <MessageTimeline message={message} /> },
          { key: 'receivers', title: t('receivers'), children: <Receivers msgId={msgId} /> },
          { key: 'marks', title: marks('tab'), children: <MessageMarks msgId={msgId} /> },
          {
            key: 'content',
            title: t('content'),
            children: message.isPrivate ? (
              <p className="wisp-quiet">{marks('private')}</p>
            ) : (
              <MessageContent key={msgId} msgId={msgId} />
            ),
          },
        ]}
      />
    </>
  )
}

/** Refreshes the tabs and the list when the message has changed since they were read. */
function useFollowed(message: Answer<'/web/messages/one'> | undefined): void {
  const refreshNow = useRefresh()
  const stamp = message && JSON.stringify([message.state, message.attempts, message.counts])
  const seen = useRef(stamp)
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== stamp)
      void refreshNow('/web/messages/attempts', '/web/messages/receivers', '/web/messages/list')
    seen.current = stamp
  }, [stamp, refreshNow])
}

function Facts(props: { message: Answer<'/web/messages/one'> }): ReactNode {
  const t = useText('messages')
  const { message } = props
  const held = message.events.find(one => one.kind === 'held' && !one.isOver)
  const items: NonNullable<DescriptionsProps['items']> = [
    ...optional(t('subject'), message.title),
    {
      key: 'state',
      label: t('state'),
      children: (
        <>
          <MessageState state={message.state} heldUntil={held?.kind === 'held' ? held.until : ''} />
          {message.waitsUntil ? (
            <span className="wisp-quiet">
              &ensp;
              {t(message.state === 'queued' ? 'waitsUntil' : 'nextStepAt', {
                at: formatTime(message.waitsUntil),
              })}
            </span>
          ) : null}
        </>
      ),
    },
    { key: 'channel', label: t('channel'), children: <ChannelWord channel={message.channel} /> },
    { key: 'from', label: t('from'), children: `${message.agentName} · ${senderOf(t, message)}` },
    { key: 'time', label: t('time'), children: <Time at={message.createdAt} /> },
    { key: 'receivers', label: t('receivers'), children: <Counts row={message} /> },
    { key: 'msgId', label: t('msgId'), children: <CopyId value={message.msgId} /> },
    ...optional(t(message.state === 'cancelled' ? 'cancelReason' : 'heldReason'), message.reason),
    ...optional(t('about'), message.about),
    ...optional(t('expiresAt'), message.expiresAt ? formatTime(message.expiresAt) : ''),
    ...optional(t('agent'), message.agent),
    ...optional(t('messageType'), typeWords(t, message)),
    ...optional(t('template'), message.templateId),
    ...optional(t('requestId'), message.requestId),
    ...optional(t('truncated'), message.truncated.map(field => fieldName(t, field)).join('、')),
  ]
  return <Descriptions size="small" column={{ xs: 1, sm: 1, md: 2 }} items={items} />
}

function typeWords(t: T, { type, typeVersion, texts }: Answer<'/web/messages/one'>): string {
  if (type === '') return ''
  const words = t('typeVersion', { type, n: typeVersion })
  return texts > 1 ? `${words} · ${t('typeTexts', { n: texts })}` : words
}

function optional(label: string, children: string) {
  return children === '' ? [] : [{ key: label, label, children }]
}

function senderOf(t: T, message: { devId: string; developer: string }): string {
  return message.devId === '' ? t('administrator') : message.developer
}

function Acts(props: { message: Answer<'/web/messages/one'> }): ReactNode {
  const t = useText('messages')
  const { msgId, resend, recall, waitsUntil } = props.message
  const isCancel = (waitsUntil !== '' || props.message.held !== '') && recall.sent === 0
  const channel = useChannel(props.message.channel)
  const again = useAct('/web/messages/resend', {
    refresh,
    confirm: () => resendQuestion(t, resend),
    done: one => t('resendDone', { n: one.receivers }),
  })
  const back = useAct('/web/messages/recall', {
    refresh,
    confirm: () => recallQuestion(t, recall, channel?.label ?? '', isCancel),
    done: one => (one.unrecalled > 0 ? t('recallDone', { n: one.unrecalled }) : t('recallAll')),
  })
  const canResend = resend.failed + resend.unknown > 0
  const canRecall = recall.waiting + recall.sent > 0
  if (!canResend && !canRecall && props.message.held === '') return null
  return (
    <DrawerActions>
      <HeldActs message={props.message} />
      {canResend ? (
        <Button
          type="primary"
          icon={<ReloadOutlined aria-hidden />}
          loading={again.isRunning}
          onClick={() => void again.run({ msgId })}
        >
          {t('resend')}
        </Button>
      ) : null}
      {canRecall ? (
        <Button
          danger
          icon={<RollbackOutlined aria-hidden />}
          loading={back.isRunning}
          onClick={() => void back.run({ msgId })}
        >
          {t(isCancel ? 'cancelSend' : 'recall')}
        </Button>
      ) : null}
    </DrawerActions>
  )
}

function resendQuestion(t: T, { failed, unknown }: Answer<'/web/messages/one'>['resend']): Question {
  return {
    title: t('resendTitle', { n: failed + unknown }),
    content: (
      <>
        {failed > 0 ? <p>{t('resendFailed', { n: failed })}</p> : null}
        {unknown > 0 ? <p>{t('resendUnknown', { n: unknown })}</p> : null}
      </>
    ),
    okText: t('resend'),
  }
}

function recallQuestion(
  t: T,
  recall: Answer<'/web/messages/one'>['recall'],
  channel: string,
  isCancel: boolean,
): Question {
  const { waiting, sent, kept, until, isForSent } = recall
  return {
    title: t(isCancel ? 'cancelTitle' : 'recallTitle'),
    content: (
      <>
        {waiting > 0 ? <p>{t('recallWaiting', { n: waiting })}</p> : null}
        {sent > 0 ? <p>{t('recallSent', { n: sent, until: formatTime(until) })}</p> : null}
        {kept > 0 ? <p>{t(isForSent ? 'recallLate' : 'recallNot', { n: kept, channel })}</p> : null}
      </>
    ),
    okText: t(isCancel ? 'cancelSend' : 'recall'),
    danger: true,
  }
}
