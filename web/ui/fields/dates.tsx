import type { DatePickerProps, TimePickerProps } from 'antd'
import type { RangePickerProps } from 'antd/es/date-picker'
import type { Dayjs } from 'dayjs'
import { laterField } from './later.tsx'

export type DateProps = DatePickerProps<Dayjs, false>

const load = () => import('./date-fields.ts')

/** Ant Design's fields for dates and times, with the calendar that few who open a page ever look at. */
export const DatePicker = laterField<DateProps>(async () => (await load()).DatePicker)
export const RangePicker = laterField<RangePickerProps>(async () => (await load()).RangePicker)
export const TimePicker = laterField<TimePickerProps>(async () => (await load()).TimePicker)
