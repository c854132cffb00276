/* Inside the network. */
#ifndef NETWORK_PRIV_H
#define NETWORK_PRIV_H

#include "network/network.h"
#include "network/hsds_intake.h"

#endif
