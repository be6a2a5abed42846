import { ApiError } from '../errors.js';
/** 1000 参数错误 · invalid parameter */
export declare class BadParameterError extends ApiError {
    readonly name = "BadParameterError";
}
/** 1001 参数为空 · missing parameter */
export declare class MissingParameterError extends ApiError {
    readonly name = "MissingParameterError";
}
/** 1002 无效的应用 ID · unknown devId */
export declare class UnknownDeveloperError extends ApiError {
    readonly name = "UnknownDeveloperError";
}
/** 1003 无效的应用秘钥 · wrong devSecret */
export declare class WrongSecretError extends ApiError {
    readonly name = "WrongSecretError";
}
/** 1004 devToken 已失效 · devToken expired or revoked */
export declare class DeadTokenError extends ApiError {
    readonly name = "DeadTokenError";
}
/** 1005 无效的部门 id · unknown department id */
export declare class UnknownDepartmentError extends ApiError {
    readonly name = "UnknownDepartmentError";
}
/** 1006 无效的标签 id · unknown tag id */
export declare class UnknownTagError extends ApiError {
    readonly name = "UnknownTagError";
}
/** 1007 无效的用户 id · unknown user id */
export declare class UnknownMemberError extends ApiError {
    readonly name = "UnknownMemberError";
}
/** 1008 消息中心配置错误 · message centre not configured correctly */
export declare class MessageCentreError extends ApiError {
    readonly name = "MessageCentreError";
}
/** 1009 无权限 · not permitted */
export declare class ForbiddenError extends ApiError {
    readonly name = "ForbiddenError";
}
/** 1010 请求过于频繁 · too many requests */
export declare class TooManyRequestsError extends ApiError {
    readonly name = "TooManyRequestsError";
}
/** 1011 上游服务不可用 · upstream service unavailable */
export declare class UpstreamError extends ApiError {
    readonly name = "UpstreamError";
}
/** 1012 jessionId 已失效 · jessionId expired or revoked */
export declare class DeadTicketError extends ApiError {
    readonly name = "DeadTicketError";
}
/** 1013 服务暂不可用 · unavailable for the moment */
export declare class UnavailableError extends ApiError {
    readonly name = "UnavailableError";
}
/** 9999 系统异常 · internal error */
export declare class InternalError extends ApiError {
    readonly name = "InternalError";
}
export declare const errorClasses: {
    readonly '1000': typeof BadParameterError;
    readonly '1001': typeof MissingParameterError;
    readonly '1002': typeof UnknownDeveloperError;
    readonly '1003': typeof WrongSecretError;
    readonly '1004': typeof DeadTokenError;
    readonly '1005': typeof UnknownDepartmentError;
    readonly '1006': typeof UnknownTagError;
    readonly '1007': typeof UnknownMemberError;
    readonly '1008': typeof MessageCentreError;
    readonly '1009': typeof ForbiddenError;
    readonly '1010': typeof TooManyRequestsError;
    readonly '1011': typeof UpstreamError;
    readonly '1012': typeof DeadTicketError;
    readonly '1013': typeof UnavailableError;
    readonly '9999': typeof InternalError;
};
