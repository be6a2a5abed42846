import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { LimitFields, valuesOf } from './limit-fields.tsx'
import { LimitUse } from './limit-use.tsx'

/** The tab of a developer's limits, with a form to change them. Who only owns the developer is shown `LimitUse` alone. */
export function LimitsOfDeveloper(props: { devId: string }): ReactNode {
  const read = useRead('/web/developers/limits', { devId: props.devId })
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <LimitUse devId={props.devId} />
      {read.data ? <LimitForm key={read.data.version} devId={props.devId} shown={read.data} /> : null}
    </div>
  )
}

function LimitForm(props: { devId: string; shown: Answer<'/web/developers/limits'> }): ReactNode {
  const t = useText('limits')
  const common = useText('common')
  const { devId, shown } = props
  const unsaved = useUnsaved()
  const [values, setValues] = useState(valuesOf(shown.groups))
  const act = useAct('/web/developers/limits/save', {
    done: t('saved'),
    refresh: ['/web/developers'],
  })
  const save = async () => {
    if (await act.run({ devId, version: shown.version, limits: values })) unsaved.clear()
  }
  return (
    <Panel title={t('edit')}>
      <form
        onSubmit={event => {
          event.preventDefault()
          void save()
        }}
        style={{ display: 'grid', gap: 12 }}
      >
        <div className="wisp-quiet">{t('editHint')}</div>
        <LimitFields
          groups={shown.groups}
          values={values}
          onChange={changed => {
            setValues(changed)
            unsaved.touch()
          }}
        />
        <div>
          <Button type="primary" htmlType="submit" loading={act.isRunning}>
            {common('save')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
