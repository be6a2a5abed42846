import { Alert, Button, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useErrorText } from '../data/error-text.ts'
import { useText } from '../text.ts'
import type { ImportKind, ImportPreview, ImportResult, PickedFile } from './import-kind.ts'

/** Which column of the file is which, as its names were understood or as somebody chooses. */
export function ColumnsStep<P extends ImportPreview, R extends ImportResult>(props: {
  kind: ImportKind<P, R>
  file: PickedFile
  preview: P
  onAgain(): void
  onRead(file: PickedFile, preview: P): void
  onNext(): void
}): ReactNode {
  const t = useText('import')
  const textOf = useErrorText()
  const { kind, file, preview } = props
  const { at, lacking, headers } = preview.file
  const [chosen, setChosen] = useState(at)
  const names = Object.entries<string>(kind.columns)
  const isSame = names.every(([column]) => chosen[column] === at[column])
  const used = new Set(Object.values(chosen))
  const left = headers.filter(({ name }, index) => name !== '' && !used.has(index))
  const goOn = async () => {
    if (isSame && lacking === '') return props.onNext()
    const again = { ...file, columns: chosen }
    const read = await kind.read.run(again)
    if (read) props.onRead(again, read)
  }
  return (
    <div className="import-step">
      {kind.read.error ? <Alert type="error" showIcon title={textOf(kind.read.error)} /> : null}
      {isSame && lacking !== '' ? (
        <Alert type="error" showIcon title={lacking} description={t('lackingHint')} />
      ) : left.length > 0 ? (
        <Alert
          type="info"
          showIcon
          title={t('ignoredColumns', { names: left.map(one => one.name).join('、') })}
          description={t('ignoredHint')}
        />
      ) : null}
      <div>
        <strong>{file.fileName}</strong> <span className="wisp-quiet">{kind.formatOf(preview)}</span>
      </div>
      <ul className="import-columns" aria-label={t('step_columns')}>
        {names.map(([column, name]) => (
          <Column
            key={column}
            name={name}
            headers={headers}
            used={used}
            value={chosen[column]}
            choose={index => setChosen(withColumn(chosen, column, index))}
          />
        ))}
      </ul>
      <div className="wisp-actions">
        <Button type="primary" loading={kind.read.isRunning} onClick={() => void goOn()}>
          {t('goOn')}
        </Button>
        <Button onClick={props.onAgain}>{t('fileAgain')}</Button>
      </div>
    </div>
  )
}

type ColumnChoice = Readonly<Record<string, number>>

function withColumn(chosen: ColumnChoice, column: string, index: number | undefined): ColumnChoice {
  const { [column]: _, ...others } = chosen
  return index === undefined ? others : { ...others, [column]: index }
}

function Column(props: {
  name: string
  headers: ImportPreview['file']['headers']
  used: ReadonlySet<number>
  value: number | undefined
  choose(index: number | undefined): void
}): ReactNode {
  const t = useText('import')
  const field = useId()
  const { name, headers, used, value } = props
  return (
    <li>
      <label htmlFor={field}>{name}</label>
      <Select<number>
        id={field}
        allowClear
        showSearch={{ optionFilterProp: 'title' }}
        placeholder={t('columnMissing')}
        {...(value === undefined ? {} : { value })}
        onChange={index => props.choose(index)}
        optionRender={({ data }) => (
          <>
            <bdi>{data.label}</bdi> <bdi className="wisp-quiet">{data['example']}</bdi>
          </>
        )}
        options={headers.map((one, index) => ({
          value: index,
          label: one.name || t('columnNumber', { n: index + 1 }),
          title: one.name,
          example: one.example,
          disabled: index !== value && used.has(index),
        }))}
      />
    </li>
  )
}
