"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.errorClasses = exports.InternalError = exports.UnavailableError = exports.DeadTicketError = exports.UpstreamError = exports.TooManyRequestsError = exports.ForbiddenError = exports.MessageCentreError = exports.UnknownMemberError = exports.UnknownTagError = exports.UnknownDepartmentError = exports.DeadTokenError = exports.WrongSecretError = exports.UnknownDeveloperError = exports.MissingParameterError = exports.BadParameterError = void 0;
// Written by scripts/build-sdk.ts from the declarations of the calls. Change those instead.
const errors_ts_1 = require("../errors.js");
/** 1000 参数错误 · invalid parameter */
class BadParameterError extends errors_ts_1.ApiError {
    name = 'BadParameterError';
}
exports.BadParameterError = BadParameterError;
/** 1001 参数为空 · missing parameter */
class MissingParameterError extends errors_ts_1.ApiError {
    name = 'MissingParameterError';
}
exports.MissingParameterError = MissingParameterError;
/** 1002 无效的应用 ID · unknown devId */
class UnknownDeveloperError extends errors_ts_1.ApiError {
    name = 'UnknownDeveloperError';
}
exports.UnknownDeveloperError = UnknownDeveloperError;
/** 1003 无效的应用秘钥 · wrong devSecret */
class WrongSecretError extends errors_ts_1.ApiError {
    name = 'WrongSecretError';
}
exports.WrongSecretError = WrongSecretError;
/** 1004 devToken 已失效 · devToken expired or revoked */
class DeadTokenError extends errors_ts_1.ApiError {
    name = 'DeadTokenError';
}
exports.DeadTokenError = DeadTokenError;
/** 1005 无效的部门 id · unknown department id */
class UnknownDepartmentError extends errors_ts_1.ApiError {
    name = 'UnknownDepartmentError';
}
exports.UnknownDepartmentError = UnknownDepartmentError;
/** 1006 无效的标签 id · unknown tag id */
class UnknownTagError extends errors_ts_1.ApiError {
    name = 'UnknownTagError';
}
exports.UnknownTagError = UnknownTagError;
/** 1007 无效的用户 id · unknown user id */
class UnknownMemberError extends errors_ts_1.ApiError {
    name = 'UnknownMemberError';
}
exports.UnknownMemberError = UnknownMemberError;
/** 1008 消息中心配置错误 · message centre not configured correctly */
class MessageCentreError extends errors_ts_1.ApiError {
    name = 'MessageCentreError';
}
exports.MessageCentreError = MessageCentreError;
/** 1009 无权限 · not permitted */
class ForbiddenError extends errors_ts_1.ApiError {
    name = 'ForbiddenError';
}
exports.ForbiddenError = ForbiddenError;
/** 1010 请求过于频繁 · too many requests */
class TooManyRequestsError extends errors_ts_1.ApiError {
    name = 'TooManyRequestsError';
}
exports.TooManyRequestsError = TooManyRequestsError;
/** 1011 上游服务不可用 · upstream service unavailable */
class UpstreamError extends errors_ts_1.ApiError {
    name = 'UpstreamError';
}
exports.UpstreamError = UpstreamError;
/** 1012 jessionId 已失效 · jessionId expired or revoked */
class DeadTicketError extends errors_ts_1.ApiError {
    name = 'DeadTicketError';
}
exports.DeadTicketError = DeadTicketError;
/** 1013 服务暂不可用 · unavailable for the moment */
class UnavailableError extends errors_ts_1.ApiError {
    name = 'UnavailableError';
}
exports.UnavailableError = UnavailableError;
/** 9999 系统异常 · internal error */
class InternalError extends errors_ts_1.ApiError {
    name = 'InternalError';
}
exports.InternalError = InternalError;
exports.errorClasses = {
    '1000': BadParameterError,
    '1001': MissingParameterError,
    '1002': UnknownDeveloperError,
    '1003': WrongSecretError,
    '1004': DeadTokenError,
    '1005': UnknownDepartmentError,
    '1006': UnknownTagError,
    '1007': UnknownMemberError,
    '1008': MessageCentreError,
    '1009': ForbiddenError,
    '1010': TooManyRequestsError,
    '1011': UpstreamError,
    '1012': DeadTicketError,
    '1013': UnavailableError,
    '9999': InternalError,
};
