import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Descriptions, Space, Tag } from 'antd'
import type { ReactNode } from 'react'
import { usePathPart } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { later } from '../../../ui/fields/later.tsx'
import { ObjectPage } from '../../../ui/objects/object-page.tsx'
import { useText } from '../../../ui/text.ts'
import { messageTypeAddress } from '../../object-addresses.ts'
import type { TabOf } from '../../object-tabs.ts'
import { ChannelWord } from '../words.tsx'
import { TypeLooks } from './type-looks.tsx'
import { TypeState, Waits } from './type-state.tsx'
import { definitionOf, valuesOf } from './type-values.ts'

const TypeForm = later(async () => (await import('./type-form.tsx')).TypeForm)
const TypeFigures = later(async () => (await import('./type-figures.tsx')).TypeFigures)
const TypePlan = later(async () => (await import('./type-plan.tsx')).TypePlan)
const TypeVersions = later(async () => (await import('./type-versions.tsx')).TypeVersions)

type One = Answer<'/web/message-types/one'>
const refresh = ['/web/message-types']

export function Page(): ReactNode {
  const key = usePathPart('id')
  return <OneType key={key} typeKey={key} />
}

/** One type: what it says by each channel, its figures, changing it, and its versions. */
function OneType({ typeKey }: { typeKey: string }): ReactNode {
  const t = useText('message-types')
  const console = useText('console')
  const navigate = useNavigate()
  const read = useRead('/web/message-types/one', { key: typeKey })
  const address = messageTypeAddress(typeKey)
  return (
    <ObjectPage
      address={address}
      kind={console('messageType')}
      list={{ to: '/console/messages/types', title: console('messageTypes') }}
      read={read}
      show={one => ({
        name: one.type.name,
        id: typeKey,
        state: <TypeState type={one.type} />,
        facts: (
          <>
            <Tag>{t(`level_${one.type.level}`)}</Tag>
            <Waits type={one.type} />
          </>
        ),
        acts: <Acts one={one} />,
        tabs: [
          { key: 'content', title: t('tabContent'), children: <Content one={one} /> },
          {
            key: 'figures',
            title: t('tabFigures'),
            children: <TypeFigures typeKey={typeKey} isOfCorp={one.type.devId === ''} />,
          },
          {
            key: 'when',
            title: t('when'),
            children: <TypePlan values={valuesOf(typeKey, one.versions[0]?.definition)} />,
          },
          {
            key: 'edit',
            title: t('tabEdit'),
            children: (
              <TypeForm
                key={one.type.newest}
                values={valuesOf(typeKey, one.versions[0]?.definition)}
                version={one.type.newest}
                onSaved={() => void navigate({ to: address as never })}
              />
            ),
          },
          {
            key: 'versions',
            title: t('tabVersions'),
            children: <TypeVersions versions={one.versions} />,
          },
        ] satisfies TabOf<'messageType'>[],
      })}
    />
  )
}

function Content({ one }: { one: One }): ReactNode {
  const t = useText('message-types')
  const { type, versions } = one
  const { data: chosen } = useRead('/web/message-types/choices', { key: type.key })
  const now = type.version > 0 ? t('nowInForce', { n: type.version }) : t('noneInForce')
  const needed = [
    ...type.variables.map(name => <code key={name}>{name}</code>),
    ...type.optional.map(name => <span key={name}>{t('optional', { name })}</span>),
  ]
  const items = [
    {
      key: 'channels',
      label: t('channels'),
      children: (
        <Space wrap size={[12, 0]}>
          {type.channels.map(channel => (
            <ChannelWord key={channel} channel={channel} />
          ))}
        </Space>
      ),
    },
    { key: 'owner', label: t('owner'), children: type.developer || t('ofCorp') },
    {
      key: 'variables',
      label: t('variables'),
      children: needed.length > 0 ? <Space wrap>{needed}</Space> : t('noVariables'),
    },
    ...(chosen
      ? [
          {
            key: 'chosen',
            label: t('chosen'),
            children: t('chosenCounts', { off: chosen.off, mail: chosen.withoutMail, all: chosen.allOff }),
          },
        ]
      : []),
  ]
  return (
    <>
      {type.waitsForApproval ? (
        <Alert type="warning" showIcon title={t('waitsHint', { now })} style={{ marginBottom: 16 }} />
      ) : null}
      <Descriptions
        size="small"
        column={{ xs: 1, sm: 1, md: 3 }}
        items={items}
        style={{ marginBottom: 16 }}
      />
      {versions[0] ? (
        <TypeLooks definition={definitionOf(valuesOf(type.key, versions[0].definition))} />
      ) : null}
    </>
  )
}

function Acts({ one }: { one: One }): ReactNode {
  const t = useText('message-types')
  const { key, state, newest, waitsForApproval } = one.type
  const change = useAct('/web/message-types/state', {
    refresh,
    done: t('changed'),
    confirm: input =>
      input.state === 'live'
        ? undefined
        : input.state === 'trial'
          ? { title: t('trialTitle'), content: t('trialHint'), okText: t('trial') }
          : input.state === 'paused'
            ? { title: t('pauseTitle'), content: t('pauseHint'), okText: t('pause') }
            : { title: t('revokeTitle'), content: t('revokeHint'), okText: t('revoke'), danger: true },
  })
  const approve = useAct('/web/message-types/approve', {
    refresh,
    done: t('approved'),
    confirm: ({ version }) => ({
      title: t('approveTitle', { n: version }),
      content: t('approveHint'),
      okText: t('approve', { n: version }),
    }),
  })
  const isUsed = state === 'live' || state === 'draft'
  return (
    <>
      {waitsForApproval ? (
        <Button
          type="primary"
          loading={approve.isRunning}
          onClick={() => void approve.run({ key, version: newest })}
        >
          {t('approve', { n: newest })}
        </Button>
      ) : null}
      {isUsed ? (
        <Button loading={change.isRunning} onClick={() => void change.run({ key, state: 'paused' })}>
          {t('pause')}
        </Button>
      ) : (
        <Button loading={change.isRunning} onClick={() => void change.run({ key, state: 'live' })}>
          {t('resume')}
        </Button>
      )}
      {isUsed ? (
        <Button loading={change.isRunning} onClick={() => void change.run({ key, state: 'trial' })}>
          {t('trial')}
        </Button>
      ) : null}
      {state === 'revoked' ? null : (
        <Button danger loading={change.isRunning} onClick={() => void change.run({ key, state: 'revoked' })}>
          {t('revoke')}
        </Button>
      )}
    </>
  )
}
