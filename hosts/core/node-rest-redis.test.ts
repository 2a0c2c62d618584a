import { restRedisContract } from '../../lib/rate-limit/rest-redis.contract.ts';
import { createRestRedis } from './node-rest-redis.ts';

restRedisContract("Redis over REST by Node's own client", createRestRedis);
