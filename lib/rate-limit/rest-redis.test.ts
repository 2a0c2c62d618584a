import { restRedisContract } from './rest-redis.contract.ts';
import { createRestRedis } from './rest-redis.ts';

restRedisContract('Redis over REST by fetch', createRestRedis);
