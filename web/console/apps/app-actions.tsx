import { DeleteOutlined, EllipsisOutlined } from '@ant-design/icons'
import { App, Button, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { useAct, useConfirm } from '../../ui/data/act.tsx'
import { type Answer, api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'

/** Buttons to enable, disable and delete an app. The confirmation says what else is affected. */
export function AppActions(props: { app: Answer<'/web/apps/app'>; onRemoved(): void }): ReactNode {
  const t = useText('apps')
  const { id, name, enabled, isBuiltin } = props.app
  const enable = useAct('/web/apps/enable', {
    done: now => t(now.enabled ? 'enabledDone' : 'disabledDone'),
    refresh: ['/web/apps/'],
  })
  const remove = useAct('/web/apps/remove', {
    done: t('removed'),
    refresh: ['/web/apps/list', '/web/apps/choices'],
  })
  const ask = useAskWhatGoes(id)
  const turn = async () => {
    if (enabled && !(await ask('disableWhat', t('disableAsk', { name }), t('disable')))) return
    await enable.run({ id, enabled: enabled ? '0' : '1' })
  }
  const drop = async () => {
    if (!(await ask('removeWhat', t('removeAsk', { name }), t('remove')))) return
    if (await remove.run({ id })) props.onRemoved()
  }
  return (
    <>
      <Button loading={enable.isRunning} onClick={() => void turn()}>
        {enabled ? t('disable') : t('enable')}
      </Button>
      {isBuiltin ? null : (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [{ key: 'remove', label: t('remove'), icon: <DeleteOutlined />, danger: true }],
            onClick: () => void drop(),
          }}
        >
          <Button aria-label={t('more')} icon={<EllipsisOutlined />} />
        </Dropdown>
      )}
    </>
  )
}

function useAskWhatGoes(id: string) {
  const t = useText('apps')
  const confirm = useConfirm()
  const textOf = useErrorText()
  const { message } = App.useApp()
  return async (what: 'disableWhat' | 'removeWhat', title: string, okText: string): Promise<boolean> => {
    try {
      const { liveTickets, menuVersions } = await api.get('/web/apps/dependants', { id })
      const content = t(what, { n: liveTickets, versions: menuVersions })
      return await confirm({ title, content, okText, danger: true })
    } catch (error) {
      void message.error(textOf(error))
      return false
    }
  }
}
