import './date-fields.css'
import { DatePicker, TimePicker } from 'antd'

const { RangePicker } = DatePicker

export { DatePicker, RangePicker, TimePicker }
